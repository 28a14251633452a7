from django.dispatch import Signal

# What other apps know in figures: a receiver answers with a list of `figure.Figure`. No arguments.
figures_told = Signal()
