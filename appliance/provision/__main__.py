"""`python -m appliance.provision`: says what is missing, in the user's language and in English."""

from __future__ import annotations

from appliance.provision.planning import describe, plan


def main() -> None:
    found = plan()
    print(describe(found, "zh"))
    print()
    print(describe(found, "en"))


if __name__ == "__main__":
    main()
