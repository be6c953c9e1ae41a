"""Settings from the environment: ``WENBAO_INDEX _MODEL _CACHE _MEMORY _MILVUS_TOKEN``."""

from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.address import IndexAddress, address_of
from embeddings.errors import InputError

_LEAST_MEMORY = 64


class Settings(BaseSettings):
    """Where things are kept and which model is used, unless a call says otherwise."""

    model_config = SettingsConfigDict(env_prefix="WENBAO_", env_ignore_empty=True)

    index: IndexAddress = Field(
        default_factory=lambda: platformdirs.user_data_path("wenbao", appauthor=False) / "index",
        description="The index: a folder, or an address of Milvus.",
    )
    model: str | None = Field(
        default=None,
        description="A sentence-transformers model by name or folder; unset: the bundled one.",
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("wenbao", appauthor=False),
        description="Where the bundled model is unpacked.",
    )
    memory: int = Field(
        default=256,
        description="Megabytes that a rebuild takes for what waits to be encoded or written.",
    )

    milvus_token: SecretStr = Field(
        default=SecretStr(""),
        description="What a Milvus server asks for: ``user:password``, or an API key.",
    )

    @field_validator("index", mode="before")
    @classmethod
    def _addressed(cls, value: object) -> object:
        return address_of(value) if isinstance(value, str) else value

    @field_validator("memory", mode="before")
    @classmethod
    def _enough(cls, value: object) -> int:
        try:
            megabytes = int(str(value))
        except ValueError:
            megabytes = 0
        if megabytes < _LEAST_MEMORY:
            raise InputError(
                f"WENBAO_MEMORY 应是不小于 {_LEAST_MEMORY} 的整数（MB），现为 {value}。",
                f"WENBAO_MEMORY must be a number of megabytes, at least {_LEAST_MEMORY}, "
                f"not {value}.",
            )
        return megabytes


def index_address(index: str | IndexAddress | None) -> IndexAddress:
    """Return where an index is; default the setting ``WENBAO_INDEX``.

    Raises:
        InputError: It begins like an address of Milvus and is none.
    """
    return address_of(index if index is not None else Settings().index)
