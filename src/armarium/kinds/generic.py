"""Anything else: coins, stamps, toys, watches, a photographed thing of no declared kind."""

from armarium.kinds.fields import Field, FieldType
from armarium.kinds.kind import GradeScale, Identifier, Kind

T = FieldType

GENERIC = Kind(
    name="generic",
    label="Item",
    collection_path="items",
    fields=(
        Field("name", T.TEXT, "Name"),
        Field("category", T.TEXT, "Category", filterable=True),
        Field("maker", T.TEXT, "Maker", filterable=True),
        Field("model", T.TEXT, "Model", filterable=True),
        Field("series", T.TEXT, "Series", filterable=True),
        Field("number", T.TEXT, "Number", filterable=True),
        Field("year", T.YEAR, "Year", filterable=True),
        Field("country", T.TEXT, "Country", filterable=True),
        Field("material", T.TEXT, "Material", filterable=True),
        Field("dimensions", T.TEXT, "Dimensions", "physical"),
        Field("weight_g", T.DECIMAL, "Weight", "physical", minimum=0, unit="g"),
        Field("serial_number", T.TEXT, "Serial number", "identifiers", format="serial"),
        Field("signed", T.BOOLEAN, "Signed", "variant", filterable=True),
        Field("copy_number", T.INTEGER, "Copy number", "variant", minimum=1),
        Field("print_run", T.INTEGER, "Edition size", "variant", minimum=1),
        Field("condition", T.TEXT, "Condition", "condition"),
        Field("notes", T.LONG_TEXT, "Notes", "notes"),
    ),
    identifiers=(Identifier("serial", "Serial number", ("serial_number",), copy=True),),
    grades=(GradeScale("sheldon", None, 1, 70, 1),),
    title_template="{name}",
    subtitle_template="{maker} [· {model}] [· {year}]",
    text_fields=("name", "maker", "model", "series", "number"),
)
