"""XML documents, written as plainly as can be."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO

from django.utils.xmlutils import SimplerXMLGenerator


@contextmanager
def document(
    root: str, attributes: Mapping[str, str]
) -> Iterator[tuple[SimplerXMLGenerator, BytesIO]]:
    """A document to write into, inside its root; whole when this is left."""
    file = BytesIO()
    xml = SimplerXMLGenerator(file, "utf-8")
    xml.startDocument()
    xml.startElement(root, dict(attributes))
    yield xml, file
    xml.endElement(root)
    xml.endDocument()
