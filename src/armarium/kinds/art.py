"""Art: paintings, prints, drawings, photographs, sculpture."""

from armarium.kinds.fields import Field, FieldType
from armarium.kinds.kind import Identifier, Kind

T = FieldType

ART = Kind(
    name="art",
    label="Artwork",
    collection_path="artworks",
    fields=(
        Field("title", T.TEXT, "Title"),
        Field("artists", T.LIST, "Artists", filterable=True),
        Field("year", T.YEAR, "Date", filterable=True),
        Field("medium", T.TEXT, "Medium", filterable=True),
        Field("support", T.TEXT, "Support"),
        Field("classification", T.TEXT, "Classification", filterable=True),
        Field("height_mm", T.DECIMAL, "Height", "physical", minimum=0, unit="mm"),
        Field("width_mm", T.DECIMAL, "Width", "physical", minimum=0, unit="mm"),
        Field("depth_mm", T.DECIMAL, "Depth", "physical", minimum=0, unit="mm"),
        Field("framed", T.BOOLEAN, "Framed", "physical", filterable=True),
        Field("accession_number", T.TEXT, "Accession number", "identifiers", format="serial"),
        Field("catalogue_raisonne", T.TEXT, "Catalogue raisonné number", "identifiers"),
        Field("signed", T.BOOLEAN, "Signed", "variant", filterable=True),
        Field("inscription", T.TEXT, "Inscription", "variant"),
        Field("edition_number", T.INTEGER, "Edition number", "variant", minimum=1),
        Field("edition_size", T.INTEGER, "Edition size", "variant", minimum=1),
        Field("printer", T.TEXT, "Printer", "variant"),
        Field("publisher", T.TEXT, "Publisher", "variant"),
        Field("subjects", T.LIST, "Subjects", filterable=True),
        Field("condition", T.TEXT, "Condition", "condition"),
        Field("credit_line", T.TEXT, "Credit line", "notes"),
        Field("provenance", T.LONG_TEXT, "Provenance", "notes"),
        Field("exhibitions", T.LIST, "Exhibitions", "notes"),
        Field("literature", T.LIST, "Literature", "notes"),
        Field("notes", T.LONG_TEXT, "Notes", "notes"),
    ),
    identifiers=(Identifier("accession", "Accession number", ("accession_number",)),),
    title_template="{title}",
    subtitle_template="{artists} [· {year}] [· {medium}]",
    text_fields=("title", "artists", "medium", "inscription"),
)
