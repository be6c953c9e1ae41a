"""Settings from the environment: ``WENBAO_INDEX _MODEL _CACHE _MEMORY``."""

from pathlib import Path

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.errors import InputError

_LEAST_MEMORY = 64


class Settings(BaseSettings):
    """Where things are kept and which model is used, unless a call says otherwise."""

    model_config = SettingsConfigDict(env_prefix="WENBAO_", env_ignore_empty=True)

    index: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("wenbao", appauthor=False) / "index",
        description="The index folder.",
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
