"""Images in any store that speaks S3: a county's own servers (MinIO, Ceph) or a provider's.

Endpoint, keys and region come from the environment as for every S3 program: AWS_ENDPOINT_URL,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.
"""

import os
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import S3Store

from scanner.errors import StoreError
from scanner.store.images import OutOfReachError

SCHEME = "s3://"
PATIENCE = timedelta(seconds=30)  # a network that falters is tried again so long, then people are told
ANSWER = timedelta(seconds=15)  # for one request


class ObjectImages:
    """One object per image, `PREFIX/ab/cdef…`. S3 answers a put only when the bytes are safe."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._bucket, _, self._prefix = address.removeprefix(SCHEME).rstrip("/").partition("/")
        if not self._bucket:
            raise StoreError(f"{address} names no bucket: write s3://BUCKET/PREFIX.")

    @cached_property
    def _objects(self) -> S3Store:
        """Opened where it is used: its threads do not survive a fork."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL", os.environ.get("AWS_ENDPOINT", ""))
        try:
            return S3Store(
                self._bucket,
                prefix=self._prefix or None,
                client_options={"allow_http": endpoint.startswith("http:"), "timeout": ANSWER},
                retry_config={"max_retries": 10, "retry_timeout": PATIENCE},
            )
        except BaseError as error:
            raise self._trouble("opened", error) from error

    def put(self, digest: str, data: bytes, file: Path | None = None) -> None:  # noqa: ARG002
        """Keep the bytes; again changes nothing, for the name is of the bytes. StoreError if it cannot be."""
        try:
            self._objects.put(_key(digest), data)
        except (BaseError, OSError) as error:
            raise self._trouble("written", error) from error

    def get(self, digest: str) -> bytes:
        """The bytes, compared with their name. Raises StoreError if gone, changed or out of reach."""
        try:
            data = bytes(self._objects.get(_key(digest)).bytes())
        except FileNotFoundError as error:
            raise StoreError(f"The image {digest} is missing from {self.address}.") from error
        except (BaseError, OSError) as error:
            raise self._trouble("read", error) from error
        if sha256(data).hexdigest() != digest:
            raise StoreError(
                f"The image {digest} in {self.address} was changed after it was stored; restore it."
            )
        return data

    def holds(self, digest: str) -> bool:
        """True if there are bytes under this name, whole or not. StoreError if out of reach."""
        try:
            self._objects.head(_key(digest))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise self._trouble("read", error) from error
        return True

    def forget(self, *digests: str) -> None:
        """Remove the bytes for good, where there are any, many in one request. StoreError if it cannot be."""
        try:
            self._objects.delete([_key(one) for one in digests])
        except (BaseError, OSError) as error:
            raise self._trouble("erased", error) from error

    def _trouble(self, done: str, error: Exception) -> OutOfReachError:
        why = " ".join(f"{error}".split())[:300]
        return OutOfReachError(f"The images in {self.address} cannot be {done}: {why}")


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"
