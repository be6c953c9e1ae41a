"""Settings from the environment: ``WENBAO_INDEX _MODEL _CACHE _MEMORY``."""

from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
        ge=64,
        description="Megabytes that a rebuild takes for what waits to be encoded or written.",
    )
