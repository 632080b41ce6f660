"""Addresses of what people take part in."""

from django.urls import path

from participation.models import Practice
from participation.views import act_together, coming, events, everything, initiatives, organise, pledges, practices

urlpatterns = [
    path("search/", everything.search_page, name="search"),
    path("feeds/everything.atom", everything.everything_feed, name="everything_feed"),
    path("events/", events.event_list, name="events"),
    path("events.ics", events.events_ics, name="events_ics"),
    path("events/mine/<str:token>.ics", events.my_events_ics, name="my_events_ics"),
    path("events/new/", organise.new, name="event_new"),
    path("events/<str:ref>/event.ics", events.event_ics, name="event_ics"),
    path("events/<str:ref>/come/", coming.come, name="event_come"),
    path("events/<str:ref>/leave/", coming.leave, name="event_leave"),
    path("events/<str:ref>/remind/", coming.remind, name="event_remind"),
    path("events/<str:ref>/change/", organise.change, name="event_change"),
    path("events/<str:ref>/minutes/", organise.close, name="event_minutes"),
    path("events/<str:ref>/act/<slug:name>/", organise.do, name="event_act"),
    path("events/<str:ref>/", events.event_page, name="event"),
    path("initiatives/", initiatives.initiative_list, name="initiatives"),
    path("initiatives/new/", act_together.new, name="initiative_new"),
    path("initiatives/<str:ref>/join/", act_together.join, name="initiative_join"),
    path("initiatives/<str:ref>/leave/", act_together.leave, name="initiative_leave"),
    path("initiatives/<str:ref>/change/", act_together.change, name="initiative_change"),
    path("initiatives/<str:ref>/result/", act_together.finish, name="initiative_result"),
    path("initiatives/<str:ref>/message/", act_together.message, name="initiative_message"),
    path("initiatives/<str:ref>/act/<slug:name>/", act_together.do, name="initiative_act"),
    path("initiatives/<str:ref>/", initiatives.initiative_page, name="initiative"),
    path("pledges/", pledges.pledge_list, name="pledges"),
    path("pledges/new/", pledges.new, name="pledge_new"),
    path("pledges/<int:pk>/act/<slug:name>/", pledges.do, name="pledge_act"),
    path("practices/", practices.practice_list, name="practices"),
    path("practices/new/", practices.new, name="practice_new"),
    path("practices/<str:ref>/change/", practices.change, name="practice_change"),
    path("practices/<str:ref>/apply/", practices.apply_here, name="practice_apply"),
    path("practices/<str:ref>/act/<slug:name>/", organise.do, {"model": Practice}, name="practice_act"),
    path("practices/<str:ref>/", practices.practice_page, name="practice"),
]
