"""Addresses of approvals."""

from django.urls import path

from qidang.web.approvals import deciding, deputies, routes, views

app_name = "approvals"
urlpatterns = [
    path("", views.todo, name="todo"),
    path("mine/", views.mine, name="mine"),
    path("copies/", views.copies, name="copies"),
    path("done/", views.done, name="done"),
    path("deputies/", deputies.deputies, name="deputies"),
    path("deputies/<uuid:uid>/ending/", deputies.end, name="deputy_end"),
    path("routes/", routes.routes, name="routes"),
    path("routes/new/", routes.new, name="route_new"),
    path("routes/<uuid:uid>/", routes.edit, name="route"),
    path("routes/<uuid:uid>/turning/", routes.turn, name="route_turn"),
    path("contracts/<uuid:uid>/", views.submission, name="submission"),
    path("<uuid:uid>/", views.show, name="show"),
    path("<uuid:uid>/decision/", deciding.decide, name="decide"),
    path("<uuid:uid>/withdrawal/", deciding.withdraw, name="withdraw"),
    path("<uuid:uid>/urging/", deciding.urge, name="urge"),
    path("<uuid:uid>/copying/", deciding.copy, name="copy"),
]
