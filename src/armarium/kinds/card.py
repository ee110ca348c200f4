"""Cards: trading cards, sports cards, tarot and playing cards, raw or slabbed."""

from armarium.kinds.fields import Field, FieldType
from armarium.kinds.kind import GradeScale, Identifier, Kind
from armarium.kinds.vocabularies import (
    CARD_CONDITIONS,
    CARD_FINISHES,
    GRADE_STEPS,
    GRADERS,
    LANGUAGES,
)

T = FieldType

SUBGRADES = tuple(
    Field(name, T.DECIMAL, label, "slab", minimum=1, maximum=10, step=0.5)
    for name, label in (
        ("subgrade_centering", "Sub-grade: centering"),
        ("subgrade_corners", "Sub-grade: corners"),
        ("subgrade_edges", "Sub-grade: edges"),
        ("subgrade_surface", "Sub-grade: surface"),
    )
)

CARD = Kind(
    name="card",
    label="Card",
    collection_path="cards",
    fields=(
        Field("name", T.TEXT, "Name"),
        Field("game", T.TEXT, "Game or sport", filterable=True),
        Field("series", T.TEXT, "Series", filterable=True),
        Field("set_name", T.TEXT, "Set", filterable=True),
        Field("set_code", T.TEXT, "Set code", format="set_code", filterable=True),
        Field("number", T.TEXT, "Number", format="collector_number", filterable=True),
        Field("rarity", T.TEXT, "Rarity", filterable=True),
        Field("language", T.CHOICE, "Language", vocabulary=LANGUAGES, filterable=True),
        Field("year", T.YEAR, "Year", filterable=True),
        Field("illustrator", T.TEXT, "Illustrator", filterable=True),
        Field("player", T.TEXT, "Player", filterable=True),
        Field("team", T.TEXT, "Team", filterable=True),
        Field("finish", T.CHOICE, "Finish", "variant", vocabulary=CARD_FINISHES, filterable=True),
        Field("variant", T.TEXT, "Variant", "variant", filterable=True),
        Field("first_edition", T.BOOLEAN, "First edition", "variant", filterable=True),
        Field("signed", T.BOOLEAN, "Signed", "variant", filterable=True),
        Field("copy_number", T.INTEGER, "Copy number", "variant", minimum=1),
        Field("print_run", T.INTEGER, "Print run", "variant", minimum=1),
        Field(
            "condition",
            T.CHOICE,
            "Condition",
            "condition",
            vocabulary=CARD_CONDITIONS,
            filterable=True,
        ),
        Field("grader", T.CHOICE, "Grading company", "slab", vocabulary=GRADERS, filterable=True),
        Field(
            "grade", T.DECIMAL, "Grade", "slab", minimum=1, maximum=10, step=0.5, filterable=True
        ),
        *SUBGRADES,
        Field("cert_number", T.TEXT, "Cert number", "slab", format="serial", filterable=True),
        Field("population", T.INTEGER, "Population", "slab", minimum=0),
        Field("population_higher", T.INTEGER, "Population higher", "slab", minimum=0),
        Field("notes", T.LONG_TEXT, "Notes", "notes"),
    ),
    identifiers=(
        Identifier("set_number", "Set and number", ("set_code", "number")),
        Identifier("cert", "Cert number", ("grader", "cert_number"), copy=True),
    ),
    grades=(
        GradeScale("raw", CARD_CONDITIONS),
        *(GradeScale(company, None, 1, 10, step) for company, step in GRADE_STEPS.items()),
    ),
    title_template="{name}",
    subtitle_template="{set_name} [· {number}] [· {rarity}]",
    text_fields=("name", "number", "set_name", "illustrator"),
)
