"""`docs/security.md` lists the attacks that the tests show to fail."""

from spacex.settings import PROJECT
from tests.attacks import BEGIN, END, PAGE, STEPS, attacks, table


def test_the_page_has_every_attack() -> None:
    listed = PAGE.read_text().partition(BEGIN)[2].partition(END)[0]
    assert listed.strip() == table().strip(), "make security"
    assert len(attacks()) >= 40


def test_every_attack_on_the_containers_is_a_step() -> None:
    script = (PROJECT / "tests" / "system" / "compose.sh").read_text()
    assert [step for step in STEPS if f'step "{step}"' not in script] == []
    assert 'step "attacks on Prefect\'s server"' in script
