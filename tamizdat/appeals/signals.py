from django.dispatch import Signal

# What readers see of our asks is no longer what the database says: pages want baking.
message_changed = Signal()
