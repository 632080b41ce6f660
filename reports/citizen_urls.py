"""Addresses of residents: sending a report, its page, what its author and visitors do there."""

from django.urls import path

from reports.views import app, author, confirm, draft_photos, fixed, page, places, receipt, said, solved, submit, visitor

urlpatterns = [
    path("app.webmanifest", app.manifest, name="manifest"),
    path("offline/", app.offline, name="offline"),
    path("reports/new/offline/", app.form, name="report_offline"),
    path("places/", places.places, name="places"),
    path("places/streets/", places.streets, name="place_streets"),
    path("reports/new/", submit.new, name="report_new"),
    path("reports/drafts/photos/", draft_photos.draft_photo, name="draft_photo"),
    path("reports/drafts/photos/<uuid:client_uuid>/cover/", draft_photos.cover, name="draft_cover"),
    path("reports/suggest/", said.said, name="report_suggest"),
    path("reports/near/", places.near, name="report_near"),
    path("reports/receipt/<str:token>/", receipt.receipt, name="report_receipt"),
    path("reports/confirm/<str:token>/", confirm.confirm, name="report_confirm"),
    path("reports/solved/<str:token>/", solved.by_link, name="report_solved_link"),
    path("reports/<str:ref>/solved/", solved.by_author, name="report_solved"),
    path("reports/<str:ref>/name/", author.name, name="report_name"),
    path("reports/<str:ref>/support/", visitor.support, name="report_support"),
    path("reports/<str:ref>/follow/", visitor.follow, name="report_follow"),
    path("reports/<str:ref>/comment/", visitor.comment, name="report_comment"),
    path("reports/<str:ref>/flag/", visitor.flag, name="report_flag"),
    path("reports/<str:ref>/fixed/", fixed.fixed, name="report_fixed"),
    path("reports/<str:ref>/edit/", author.edit, name="report_edit"),
    path("reports/<str:ref>/add/", author.add, name="report_add"),
    path("reports/<str:ref>/move/", author.relocate, name="report_move"),
    path("reports/<str:ref>/act/<slug:name>/", author.act, name="report_act"),
    path("reports/<str:ref>/", page.report_page, name="report"),
]
