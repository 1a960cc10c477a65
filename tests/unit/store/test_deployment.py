"""Making and opening a deployment: begun again after a kill, never made over something (policy 6.4)."""

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from store_rows import DAY, NOW, OFFICER, add, batch, bytes_under, files_under, receive, visits

from ringfence.errors import DeploymentMissing, InputRefused, KeysMissing, RingfenceError, SchemaMismatch, Unusable
from ringfence.store import Store, door, fold_inbox, init_store, open_store, read_deployment, upgrade_schema
from ringfence.store.deployment import make_deployment
from ringfence.store.keys import make_master_keys
from ringfence.terms import RecordKind


def test_a_new_deployment_opens_and_its_first_ledger_line_says_it_was_made(store: Store) -> None:
    [line] = store.desk.rows("select seq, actor, action, subject from ledger")
    assert tuple(line) == (1, "ringfence", "deployment.made", "Asia/Shanghai")
    assert store.clock.zone.key == "Asia/Shanghai"
    store.verify_ledger()


def test_nobody_else_may_look_into_a_deployment(embedded: Store) -> None:
    folder = embedded.deployment.folder
    for name in ("", "keys", "desk", "lake", "vault"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "ringfence.toml").stat().st_mode) == 0o600


def test_a_second_deployment_in_the_same_folder_is_refused_and_the_first_stays(embedded_folder: Path) -> None:
    before = bytes_under(embedded_folder)
    with pytest.raises(DeploymentMissing, match="holds a deployment already; choose another folder"):
        init_store(embedded_folder, zone="Europe/Berlin", now=NOW)
    assert bytes_under(embedded_folder) == before


def test_a_deployment_whose_settings_were_lost_is_not_made_anew_over_its_keys(deployment: Path) -> None:
    """The worst of mistakes: new keys in place of the old ones would shut everything for good."""
    database = read_deployment(deployment).database
    settings = (deployment / "ringfence.toml").read_bytes()
    keys = (deployment / "keys" / "master.json").read_bytes()
    (deployment / "ringfence.toml").unlink()
    with pytest.raises(DeploymentMissing, match=r"the database .* holds a deployment already; choose another one"):
        init_store(deployment, zone="Asia/Shanghai", now=NOW, database=database)
    assert (deployment / "keys" / "master.json").read_bytes() == keys
    (deployment / "ringfence.toml").write_bytes(settings)
    store = open_store(deployment)
    store.verify_ledger()
    store.close()


def test_a_database_that_is_another_deployments_is_refused(deployment: Path, tmp_path: Path) -> None:
    found = read_deployment(deployment)
    with pytest.raises((DeploymentMissing, InputRefused), match=r"holds a deployment already|is no PostgreSQL address"):
        init_store(tmp_path / "second", zone="Asia/Shanghai", now=NOW, database=found.url)
    open_store(deployment).close()


@pytest.mark.parametrize("database", ["sqlite:///other.sqlite", "mysql://u:geheim@h/d", "geheim", "postgresql"])
def test_a_database_that_is_no_postgresql_is_refused_without_showing_its_address(tmp_path: Path, database: str) -> None:
    with pytest.raises(InputRefused, match="is no PostgreSQL address") as error:
        init_store(tmp_path / "a", zone="Asia/Shanghai", now=NOW, database=database)
    assert "geheim" not in str(error.value)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("step", ["make_master_keys", "migrate", "append_lines", "write_settings"])
def test_making_a_deployment_killed_at_any_step_can_be_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "deployment"
    with monkeypatch.context() as patch:
        patch.setattr(door, step, killed)
        with pytest.raises(KeyboardInterrupt):
            init_store(folder, zone="Asia/Shanghai", now=NOW)
    with pytest.raises(DeploymentMissing, match="holds no deployment; make one with: ringfence init"):
        open_store(folder)
    if step == "write_settings":  # all but the settings is there: said, not overwritten
        with pytest.raises(DeploymentMissing, match=r"the database .* holds a deployment already"):
            init_store(folder, zone="Asia/Shanghai", now=NOW)
        return
    init_store(folder, zone="Asia/Shanghai", now=NOW)
    store = open_store(folder)
    add(store, {"name": "a"})
    store.verify_ledger()
    store.close()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Asia", "Asia/Shanghai\0", "Ünknown"])
def test_a_zone_that_is_none_is_refused_before_anything_is_made(tmp_path: Path, zone: str) -> None:
    with pytest.raises(InputRefused, match="is no IANA time zone"):
        init_store(tmp_path / "deployment", zone=zone, now=NOW)
    assert not (tmp_path / "deployment").exists()


@pytest.mark.parametrize("name", ["with space", "a?b#c", "100%", "大同", "it's", 'quo"te'])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    init_store(tmp_path / name, zone="Asia/Shanghai", now=NOW)
    store = open_store(tmp_path / name)
    add(store, {"name": "a"})
    store.close()
    assert "desk/desk.sqlite" in files_under(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_database_address_with_quotes_and_backslashes_survives_the_settings(tmp_path: Path) -> None:
    made = make_deployment(tmp_path / "a", zone="Asia/Shanghai", database='postgresql+psycopg://u:p"w\\@h/d')
    door.write_settings(made)
    assert read_deployment(tmp_path / "a") == made


@pytest.mark.parametrize("settings", ["", "zone = 7 8", "zone = ", "database = ''", "\xff"])
def test_damaged_settings_are_one_sentence(embedded_folder: Path, settings: str) -> None:
    (embedded_folder / "ringfence.toml").write_bytes(settings.encode("latin-1"))
    with pytest.raises(DeploymentMissing, match=r"the settings .* are damaged"):
        open_store(embedded_folder)


def test_settings_with_a_zone_that_is_none_are_one_sentence(embedded_folder: Path) -> None:
    (embedded_folder / "ringfence.toml").write_text('zone = "Mars/Olympus"')
    with pytest.raises(InputRefused, match="'Mars/Olympus' is no IANA time zone"):
        open_store(embedded_folder)


def lose_the_desk(folder: Path) -> None:
    shutil.rmtree(folder / "desk")
    (folder / "desk").mkdir()


def empty_the_desk(folder: Path) -> None:
    lose_the_desk(folder)
    (folder / "desk" / "desk.sqlite").touch()


def garble_the_desk(folder: Path) -> None:
    path = folder / "desk" / "desk.sqlite"
    path.write_bytes(b"garbage " * (path.stat().st_size // 8))


def forget_the_keys(folder: Path) -> None:
    """A desk of an empty deployment in place of the real one, as a mistaken restore leaves it."""
    other = folder.parent / "other"
    init_store(other, zone="Asia/Shanghai", now=NOW)
    lose_the_desk(folder)
    shutil.copy(other / "desk" / "desk.sqlite", folder / "desk" / "desk.sqlite")


@pytest.mark.parametrize(
    ("harm", "error", "sentence"),
    [
        (lose_the_desk, Unusable, "desk.sqlite is missing; restore it from a backup"),
        (empty_the_desk, SchemaMismatch, "holds no tables of Ringfence; mend its address or restore it"),
        (garble_the_desk, Unusable, "is damaged; restore it from a backup"),
        (forget_the_keys, KeysMissing, "lacks master key"),
    ],
)
def test_a_desk_that_is_lost_is_said_to_be_and_takes_no_batch_and_nobody_with_it(
    embedded_folder: Path, harm: Callable[[Path], None], error: type[RingfenceError], sentence: str
) -> None:
    store = open_store(embedded_folder)
    add(store, {"name": "a"})
    fold_inbox(store, actor=OFFICER, now=NOW)
    receive(store, RecordKind.VISIT, visits([(DAY, 1, 1)]), batch(1))
    store.close()
    kept = shutil.copytree(embedded_folder / "desk", embedded_folder.parent / "kept")
    stored = bytes_under(embedded_folder / "lake"), bytes_under(embedded_folder / "vault")
    harm(embedded_folder)
    with pytest.raises(error, match=sentence):
        open_store(embedded_folder)
    if error is not KeysMissing:
        with pytest.raises(error, match=sentence):
            upgrade_schema(embedded_folder)
    assert (bytes_under(embedded_folder / "lake"), bytes_under(embedded_folder / "vault")) == stored
    shutil.rmtree(embedded_folder / "desk")
    shutil.copytree(kept, embedded_folder / "desk")
    store = open_store(embedded_folder)
    assert store.lake.read(RecordKind.VISIT).num_rows == 1
    store.close()


def test_a_key_file_found_where_none_is_expected_is_used_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a" / "keys").mkdir(parents=True)
    make_master_keys(tmp_path / "a" / "keys" / "master.json")
    before = (tmp_path / "a" / "keys" / "master.json").read_bytes()
    init_store(tmp_path / "a", zone="Asia/Shanghai", now=NOW)
    assert (tmp_path / "a" / "keys" / "master.json").read_bytes() == before
    open_store(tmp_path / "a").close()
