from django.urls import path

from tamizdat.funding import confirm_views, manage_views, paper_views, views

app_name = "funding"
urlpatterns = [
    path("checkout/", views.checkout, name="checkout"),
    path("thanks/<slug:reference>/", views.thanks, name="thanks"),
    path("thanks/<slug:reference>/receipt/", paper_views.receipt, name="receipt"),
    path(
        "thanks/<slug:reference>/receipt.pdf",
        paper_views.receipt,
        {"suffix": "pdf"},
        name="receipt_pdf",
    ),
    path("manage/card/<slug:reference>/", manage_views.card, name="card"),
    path("confirm/<str:token>/", confirm_views.confirm, name="confirm"),
    path("manage/<str:token>/", manage_views.manage, name="manage"),
    path("manage/<str:token>/<int:year>/", paper_views.statement, name="statement"),
    path(
        "manage/<str:token>/<int:year>.pdf",
        paper_views.statement,
        {"suffix": "pdf"},
        name="statement_pdf",
    ),
]
