"""Those who try cards, each in their way, and those who give."""

from dataclasses import dataclass, field
from datetime import timedelta

from tamizdat.funding import giving
from tests.attack.town import ASKED, MINUTE, Town

HALF_AN_HOUR = timedelta(minutes=30)
COUNTRIES = ("US", "GB", "DE", "FR", "NL", "PL", "ES", "IT", "BR", "MX", "NG", "ZA", "IN", "ID")
COUNTRIES += ("TR", "VN", "TH", "PH", "AR", "CO", "CA", "AU", "SE", "NO", "FI", "DK")
DOMAINS = [f"catchall{n}.example" for n in range(5)]
GOOD_CARDS = 0.1  # of the stolen ones


@dataclass
class Tester:
    """Tries a stolen card at each attempt. What it gets and what it costs is counted."""

    town: Town
    has_script: bool = True
    countries: tuple[str, ...] = ("US",)
    addresses: float = 0.0  # the share of attempts that leave one
    reads_mail: bool = False
    keeps_form: bool = False  # whose page is open, and writes another amount into it
    form: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    pages: int = 0  # of the bank, opened
    asked: int = 0  # cards whose bank was asked
    good: int = 0  # cards that it now knows to be good
    tries: int = 0  # of little sums

    def attempt(self) -> None:
        self.attempts += 1
        words = self._another_amount() if self.keeps_form and self.form else self._fresh_form()
        answer = self.town.send(words)
        if answer.status_code == 302 and "/pay/" in answer.url:
            self._try(answer.url)
        elif answer.status_code == 302 and self.reads_mail:
            self.town.at(self.town.now + 2 * MINUTE, lambda: self._press(words["address"]))

    def _fresh_form(self) -> dict[str, str]:
        self.form, page = self.town.form(address=self._address())
        if self.has_script:
            self.form["proof"], tries = self.town.solve(page)
            self.tries += tries
        return self.form

    def _another_amount(self) -> dict[str, str]:
        """What was chosen last stands under the reference that follows from the one before it."""
        reference, own = self.form["reference"], int(self.form["own"] or 10)
        self.form["reference"] = giving._after(reference) if self.form["own"] else reference
        self.form["own"] = str(own + 1)
        return self.form

    def _press(self, address: str) -> None:
        if link := self.town.links.pop(address, ""):
            answer = self.town.send({}, link)
            if answer.status_code == 302 and "/pay/" in answer.url:
                self._try(answer.url)

    def _try(self, url: str) -> None:
        self.pages += 1
        chance = self.town.chance
        refusal = "" if chance.random() < GOOD_CARDS else "stolen_card"
        card = self.town.card(chance.choice(self.countries), refusal=refusal)
        state, _ = self.town.pay(url, card, comes_back=not self.keeps_form)
        self.asked += state in ASKED
        self.good += state == "succeeded"

    def _address(self) -> str:
        chance = self.town.chance
        if chance.random() >= self.addresses:
            return ""
        return f"x{chance.randrange(10**9)}@{chance.choice(DOMAINS)}"


@dataclass
class Giver:
    """Wants to give 10 dollars, once, and does what is asked, within reason."""

    town: Town
    mailbox: str
    has_script: bool
    leaves_address: bool
    country: str
    first_card_is_empty: bool
    begun_at: object = None
    paid_at: object = None
    asked_for: list[str] = field(default_factory=list)
    visits: int = 0

    def come(self) -> None:
        self.begun_at = self.begun_at or self.town.now
        self.visits += 1
        words, page = self.town.form(address=self.mailbox if self.leaves_address else "")
        if self.has_script:
            words["proof"], _ = self.town.solve(page)
        self._follow(self.town.send(words))

    def _follow(self, answer) -> None:
        if answer.status_code == 302 and "/pay/" in answer.url:
            self._pay(answer.url)
        elif answer.status_code == 302:
            self.asked_for.append("mail")
            self._look(10)
        else:
            self._read(answer.content.decode())

    def _read(self, page: str) -> None:
        if "Please leave an address" in page:
            self.asked_for.append("address")
            self.leaves_address = True
            self.come()
        elif "little sum once more" in page:
            self.asked_for.append("work")
            self.come()
        elif self.visits < 12:
            self.asked_for.append("later")
            self.town.at(self.town.now + HALF_AN_HOUR, self.come)

    def _pay(self, url: str) -> None:
        refusal = "insufficient_funds" if self.first_card_is_empty else ""
        self.first_card_is_empty = False
        state, page = self.town.pay(url, self.town.card(self.country, refusal=refusal))
        if state == "succeeded":
            self.paid_at = self.town.now
            return
        if state != "declined":
            self.asked_for.append("again")
        words = {"proof": self.town.solve(page)[0]} if self.has_script else {}
        thanks = self.town.bank.bank.find(payment_id=url.rpartition("/")[2])["return_url"]
        answer = self.town.send(words, thanks)
        if "Please leave an address" in answer.content.decode():
            self.asked_for.append("address")
            self.leaves_address = True
            self.town.send({"change": "yes"}, thanks)
            self.come()
        else:
            self._follow(answer)

    def _look(self, minutes: int) -> None:
        """Into the mailbox, every few minutes, then every half hour."""
        link = self.town.links.pop(self.mailbox, "")
        if not link:
            self.town.at(self.town.now + minutes * MINUTE, lambda: self._look(min(30, minutes + 5)))
            return
        answer = self.town.send({}, link)
        if answer.status_code == 409:  # not now: the link stays good
            self.town.links[self.mailbox] = link
            self.town.at(self.town.now + HALF_AN_HOUR, lambda: self._look(minutes))
        else:
            self._follow(answer)
