"""May I run? Asks the licence file beside it; product and vendor's key are part of the program."""

from pathlib import Path

from mlicense import Client

VENDOR_ROOT_KEY = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
client = Client("hello", [VENDOR_ROOT_KEY])
client.accept(Path("hello.license").read_bytes())
decision = client.check("hello")
print(decision)
raise SystemExit(not decision)
