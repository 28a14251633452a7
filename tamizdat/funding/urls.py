from django.urls import path

from tamizdat.funding import views

app_name = "funding"
urlpatterns = [
    path("checkout/", views.checkout, name="checkout"),
    path("thanks/<slug:reference>/", views.thanks, name="thanks"),
    path("manage/<str:token>/", views.manage, name="manage"),
]
