"""What a password must be, who needs a second factor, and what is where."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MIN_PASSWORD = 8
MAX_PASSWORD = 128
MAX_COMPARED = 200
"""Of what is typed at a login no more is compared: older passwords may be this long."""


@dataclass(frozen=True, slots=True)
class PasswordRule:
    """One thing that a password needs, with the words to say so."""

    code: str
    need: str
    kept_by: Callable[[str], bool]


RULES = (
    PasswordRule(
        "password_too_short",
        f"at least {MIN_PASSWORD} characters",
        lambda password: len(password) >= MIN_PASSWORD,
    ),
    PasswordRule(
        "password_no_upper",
        "an upper-case letter",
        lambda password: any(map(str.isupper, password)),
    ),
    PasswordRule(
        "password_no_lower", "a lower-case letter", lambda password: any(map(str.islower, password))
    ),
    PasswordRule("password_no_digit", "a digit", lambda password: any(map(str.isdigit, password))),
    PasswordRule(
        "password_no_special",
        "a special character such as ! or -",
        lambda password: any(not (char.isalnum() or char.isspace()) for char in password),
    ),
)


WIDESPREAD = frozenset(
    """
    abc abcd abcde abcdef abcdefg abcdefgh access admin administrator adobe alexander amanda
    andrea andrew angel angela anthony apple archer arsenal asdf asdfasdf asdfgh asdfghjkl
    ashley austin autumn azerty babygirl bailey banana barcelona baseball basketball batman
    beach bear beautiful benjamin biteme blink booboo brandon bubbles buster butterfly calvin
    camaro canada carlos carolina change changeme changethis charles charlie cheese chelsea
    chester chicken chocolate chris christian chrome class claudia coffee compaq computer
    cookie corvette cowboy crystal dakota dallas daniel danielle default demo dennis diablo
    diamond dolphin donald dragon eagle eagles edward elephant elizabeth eminem fender ferrari
    fishing flower football forever france freedom friend friends fuck fuckme fuckoff fuckyou
    gandalf garfield george giants ginger google guest guitar hammer hannah happy hardcore
    harley heather hello hellohello hockey home hotdog hunter iceman iloveu iloveyou internet
    iwantu jackson jaguar james jasmine jennifer jeremy jessica jessie johnny johnson jordan
    joseph joshua justin killer kitty knight lakers lauren letmein letmeinnow liverpool login
    london love lovely loveme lover maggie manchester marina marlboro martin master matrix
    matthew maverick melissa mercedes merlin michael michelle mickey midnight miller minecraft
    money monica monkey monster morgan mother mountain muffin murphy mustang naruto nascar
    nathan nicole ninja nothing oliver orange p panther parker pass passw passwd password
    patrick peaches peanut pepper phoenix player please pokemon porsche prince princess private
    purple q qazwsx qazwsxedc qwaszx qwe qweasd qweasdzxc qwer qwert qwerty qwertyu qwertyui
    qwertyuiop rabbit rachel raiders rainbow ranger rangers rebecca redskins richard robert
    rocket root rosebud samantha samsung sandra saturn scooby scooter scorpion secret sergey
    server service sexy shadow shannon silver simpsons slayer smokey snoopy soccer sophie
    spanky sparky spider spiderman spring startrek starwars steelers steven strawberry summer
    sunshine super superman support system taylor temp temporary tennis test tester testing
    testtest thomas thunder tiger tigger time trustno trustnoone tucker turtle user username
    vanessa victoria viking vision welcome welcomehome whatever william willie wilson winner
    winston winter wizard xxx xxxxxx yamaha yankees yellow zaq zaqwsx zxc zxcvb zxcvbn zxcvbnm
    """.split()  # noqa: SIM905  # a list of hundreds of lines reads worse
)
"""What widespread passwords are made of. Of the ten thousand most frequent ones hardly any keeps
the rules above; those that do are such a word with a capital, figures and a sign about it."""
LEET = str.maketrans("@4$5!103€", "aassiloee")


def is_widespread(password: str) -> bool:
    """Whether nothing is left of it but one of these words, a run of one sign, or a row of figures.

    It is read twice: with figures at the ends taken for decoration, and with signs for letters.
    """
    plain = password.casefold()
    cores = {
        "".join(filter(str.isalpha, each))
        for each in (plain, re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain).translate(LEET))
    }
    return any(core in WIDESPREAD or len(set(core)) <= 1 for core in cores)


LAST_RULE = PasswordRule(
    "password_widespread",
    "to be less widespread (it is among those that are tried first)",
    lambda password: not is_widespread(password),
)


def broken_rules(password: str, *, refuse_widespread: bool) -> list[PasswordRule]:
    """The rules that a password does not keep; the last is asked of one that keeps all others."""
    broken = [rule for rule in RULES if not rule.kept_by(password)]
    last = (LAST_RULE,) if refuse_widespread and not broken else ()
    return broken or [rule for rule in last if not rule.kept_by(password)]


SecondFactorRule = Literal["nobody", "admins", "everyone"]


def needs_second_factor(rule: SecondFactorRule, role: str) -> bool:
    """Whether somebody of this role must have a second factor on this server."""
    return rule == "everyone" or (rule == "admins" and role == "admin")


PROGRAMS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("armarium", "Armarium command line"),
    ("python-httpx", "Python"),
    ("curl/", "curl"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(agent: str | None) -> str | None:
    """A guess for the person's eyes, like "Firefox on Linux"; None when nothing is known.

    The order matters: Edge also says Chrome, and Chrome also says Safari.
    """
    if not agent:
        return None
    program = next((name for mark, name in PROGRAMS if mark.lower() in agent.lower()), None)
    machine = next((name for mark, name in MACHINES if mark in agent), None)
    return " on ".join(part for part in (program, machine) if part) or None
