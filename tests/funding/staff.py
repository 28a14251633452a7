"""Who sits at the desk, and what they see there."""

from django.contrib.auth.models import Permission


def log_in(client, users, *may):
    """Ana, who may do these things and nothing else."""
    ana = users.objects.create_user("ana", first_name="Ana")
    ana.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *may]))
    client.force_login(ana)
    return ana


def shown(client, address):
    return client.get(address).content.decode()
