"""Addresses of people, departments and roles."""

from django.urls import path

from qidang.web.people import roles, roster, tree, views

app_name = "people"
urlpatterns = [
    path("people/", views.people, name="list"),
    path("people/new/", views.new, name="new"),
    path("people/roster/", roster.roster, name="roster"),
    path("people/roster/template/", roster.template, name="roster_template"),
    path("people/<uuid:uid>/", views.person, name="person"),
    path("people/<uuid:uid>/roles/", views.roles, name="give_roles"),
    path("people/<uuid:uid>/disabling/", views.disable, name="disable"),
    path("people/<uuid:uid>/enabling/", views.enable, name="enable"),
    path("people/<uuid:uid>/password/", views.password, name="password"),
    path("departments/", tree.departments, name="departments"),
    path("departments/<uuid:uid>/", tree.department, name="department"),
    path("departments/<uuid:uid>/disabling/", tree.disable, name="disable_department"),
    path("departments/<uuid:uid>/enabling/", tree.enable, name="enable_department"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.new, name="new_role"),
    path("roles/<uuid:uid>/", roles.role, name="role"),
]
