from django.urls import path

from tamizdat.appeals import views

app_name = "appeals"
urlpatterns = [
    path("count/", views.count, name="count"),
    path("remind/", views.remind, name="remind"),
    path("remind/kept/<month>/", views.kept, name="kept"),
    path("remind/forget/<token>/", views.forget, name="forget"),
]
