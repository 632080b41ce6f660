"""Addresses of officials, dispatchers and moderators, under /desk/."""

from django.urls import path

from reports.views.desk import amend, answer_file, case, cases, cover, fixed, inbox, intake, moderation, names, transition
from reports.views.desk import map as desk_map
from reports.views.talk import whole

urlpatterns = [
    path("", inbox.inbox, name="desk"),
    path("list.csv", inbox.csv_list, name="desk_csv"),
    path("answers/", answer_file.answers, name="desk_answers"),
    path("new/", intake.new, name="desk_new"),
    path("moderation/", moderation.queue, name="desk_moderation"),
    path("moderation/blocks/", whole.blocks, name="desk_blocks"),
    path("moderation/blocks/<int:pk>/lift/", whole.lift, name="desk_lift"),
    path("moderation/comments/<int:pk>/", moderation.comment, name="desk_comment"),
    path("moderation/appeals/<int:pk>/", moderation.appeal, name="desk_appeal"),
    path("moderation/names/<int:pk>/<slug:verb>/", names.settle, name="desk_name"),
    path("moderation/flags/<int:pk>/", moderation.settle, name="desk_flag"),
    path("map/", desk_map.desk_map, name="desk_map"),
    path("map.json", desk_map.desk_features, name="desk_map_features"),
    path("map/here/", desk_map.desk_here, name="desk_map_here"),
    path("map/area/", desk_map.desk_area, name="desk_map_area"),
    path("<str:ref>/", case.case, name="desk_report"),
    path("<str:ref>/act/<slug:name>/", transition.act, name="desk_act"),
    path("<str:ref>/fixed/<int:pk>/<slug:verb>/", fixed.settle, name="desk_fixed"),
    path("<str:ref>/photos/<uuid:photo_id>/cover/", cover.cover, name="desk_cover"),
    path("<str:ref>/case/again/", cases.again, name="desk_case_again"),
    path("<str:ref>/note/", amend.note, name="desk_note"),
    path("<str:ref>/move/", amend.relocate, name="desk_move"),
    path("<str:ref>/turn/", amend.turn, name="desk_turn"),
    path("<str:ref>/restrict/", amend.restrict, name="desk_restrict"),
    path("<str:ref>/moderate/<slug:verb>/", moderation.moderate, name="desk_moderate"),
]
