import pytest

from embeddings.errors import InputError
from embeddings.settings import Settings


@pytest.mark.parametrize("value", ["much", "0", "-5", "1.5"])
def test_memory_that_is_none_is_the_users_error(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENBAO_MEMORY", value)
    with pytest.raises(InputError, match="WENBAO_MEMORY"):
        Settings()


def test_memory_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAO_MEMORY", "100")
    assert Settings().memory == 100
