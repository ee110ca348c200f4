"""`~` where no shell expands it: a settings file, a unit's environment, a container's."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from armarium.entry.settings import Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_paths_of_variables_and_of_the_file_begin_at_home(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder named `~` was made in the working folder instead."""
    (home / "armarium.toml").write_text('tls_key = "~/key.pem"\nblob_url = "~/blobs"\n')
    (home / "secret").write_text("s" * 40)
    monkeypatch.setenv("ARMARIUM_CONFIG", "~/armarium.toml")
    monkeypatch.setenv("ARMARIUM_DATA", "~/shelves")
    monkeypatch.setenv("ARMARIUM_SECRET_KEY_FILE", "~/secret")
    settings = Settings()
    assert (settings.data, settings.tls_key) == (home / "shelves", home / "key.pem")
    assert settings.blob_url == str(home / "blobs")
    assert settings.secret_key is not None
    assert settings.tls_certificate is None


def test_a_home_of_nobody_is_refused_by_the_name_of_its_setting() -> None:
    with pytest.raises(ValidationError, match="data"):
        Settings(data=Path("~nobody-of-that-name/x"))
