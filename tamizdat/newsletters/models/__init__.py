from tamizdat.newsletters.models.delivery import Delivery
from tamizdat.newsletters.models.issue import Issue, IssueStory
from tamizdat.newsletters.models.subscriber import SignUp, Subscriber

__all__ = ["Delivery", "Issue", "IssueStory", "SignUp", "Subscriber"]
