from django import template

from tamizdat.funding.addresses import give_address

register = template.Library()
register.simple_tag(give_address, name="give_url")
