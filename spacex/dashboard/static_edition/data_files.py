"""Files of data that a page loads when it needs them: compressed, in a script.

Pages in a folder (`file://`) may load scripts, but may not read files.
"""

import base64
import gzip
import json


def data_file(name: str) -> str:
    """Return the path of a file of data.

    >>> data_file("globe/1")
    'data/globe/1.js'
    """
    return f"data/{name}.js"


def json_script(name: str, value: object) -> str:
    """Return the script that gives a value to the page.

    Args:
        name: the name of its file; see `data_file`.
        value: the value, which is sent as JSON.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return bytes_script(name, text.encode())


def bytes_script(name: str, content: bytes) -> str:
    """Return the script that gives bytes to the page.

    Args:
        name: the name of its file; see `data_file`.
        content: the bytes.
    """
    compressed = base64.b64encode(gzip.compress(content, 6, mtime=0)).decode()
    return f"edition.put({json.dumps(name)},{json.dumps(compressed)})\n"
