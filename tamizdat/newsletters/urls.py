from django.urls import path

from tamizdat.newsletters import views

app_name = "newsletters"
urlpatterns = [
    path("newsletter/", views.sign_up, name="sign_up"),
    path("newsletter/asked/", views.asked, name="asked"),
    path("newsletter/confirm/<token>/", views.confirm, name="confirm"),
    path("newsletter/yours/<token>/", views.yours, name="yours"),
]
