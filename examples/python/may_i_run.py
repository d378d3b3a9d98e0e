"""May I run? Asks the licence file beside it, with the product and the vendor's key built in."""

from pathlib import Path

import mlicense

client = mlicense.Client("hello", ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"])
client.accept(Path("hello.license").read_bytes())
decision = client.check("hello")
print(decision)
raise SystemExit(0 if decision else 1)
