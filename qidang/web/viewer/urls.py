"""阅览 addresses."""

from django.urls import path

from qidang.web.viewer import views

app_name = "viewer"
urlpatterns = [
    path("<uuid:uid>/", views.show, name="show"),
    path("<uuid:uid>/pages/<int:number>/", views.image, name="image"),
    path("of/<uuid:uid>/<str:sha256>/", views.found, name="found"),
]
