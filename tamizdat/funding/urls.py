from django.urls import path

from tamizdat.funding import manage_views, views

app_name = "funding"
urlpatterns = [
    path("checkout/", views.checkout, name="checkout"),
    path("thanks/<slug:reference>/", views.thanks, name="thanks"),
    path("manage/<str:token>/", manage_views.manage, name="manage"),
]
