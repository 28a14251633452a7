from django.urls import reverse


def test_the_desk_opens_with_how_things_stand_and_counts_nothing_twice(newsroom, admin_client):
    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    headings = ["The paper", "The money", "The asks"]
    assert sorted(headings, key=page.index) == headings
    assert "w-summary" not in page


def test_the_door_has_our_mark(client, db):
    page = client.get(reverse("wagtailadmin_login")).content.decode()

    assert "staff/mark.svg" in page
    assert "Sign in to the desk" in page
