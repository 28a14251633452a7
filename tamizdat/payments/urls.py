from django.urls import path

from tamizdat.payments import views

app_name = "payments"
urlpatterns = [path("<slug:provider>/", views.hook, name="hook")]
