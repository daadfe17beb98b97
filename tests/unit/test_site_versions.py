"""A site file's versions: judged, taken over, proven or given up."""

import tomllib
from datetime import UTC, datetime
from errno import ENOSPC

import pytest

from config.editing import with_regions, with_swept_place
from config.loader import ConfigError, load_settings
from config.versions import SiteVersions, VersionError, VersionWhy

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BOX = (0.1, 0.7, 0.4, 1.0)


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text("# ours\n[reference]\nset_point_c = 36.5  # as labelled\n")
    return path


@pytest.fixture
def versions(site):
    kept = SiteVersions(site)
    assert kept.begin(NOW) is None
    kept.prove()
    return kept


def add(versions, text="[reference]\nset_point_c = 36.0\n"):
    return versions.add(text, "Wu Min", VersionWhy.ADDED, NOW)


def test_the_file_as_it_was_found_is_the_first_version(versions):
    (first,) = versions.versions()
    assert (first.number, first.why, versions.current()) == (1, "found", 1)


def test_a_version_is_used_only_when_it_is_taken_over_and_can_be_taken_back(versions, site):
    before = site.read_text()
    number = add(versions)
    assert site.read_text() == before
    assert versions.changes(number)[-1] == "+set_point_c = 36.0"
    versions.take(number, "Wu Min", NOW)
    assert load_settings(site).reference.set_point_c == 36.0
    versions.take(1, "Wu Min", NOW)
    assert site.read_text() == before


def test_a_faulty_version_is_never_kept_nor_taken_over(versions, site):
    with pytest.raises(ConfigError, match=r"site\.toml, line 2: .*did you mean 'set_point_c'"):
        add(versions, "[reference]\nset_point = 36.0\n")
    assert len(versions.versions()) == 1
    with pytest.raises(VersionError, match="no version 9"):
        versions.take(9, "Wu Min", NOW)


def test_a_version_with_which_the_station_does_not_come_up_is_given_up(versions, site):
    before = site.read_text()
    versions.take(number := add(versions), "Wu Min", NOW)
    assert SiteVersions(site).begin(NOW) is None
    assert SiteVersions(site).begin(NOW) == number
    assert site.read_text() == before
    assert versions.is_proven()


def test_a_version_with_which_the_station_ran_stays(versions, site):
    versions.take(number := add(versions), "Wu Min", NOW)
    versions.begin(NOW)
    versions.prove()
    assert SiteVersions(site).begin(NOW) is None
    assert versions.current() == number
    assert versions.taken_by() == "Wu Min"


def test_of_many_versions_the_oldest_go_but_never_the_one_in_use(versions, site, monkeypatch):
    monkeypatch.setattr("config.versions._MOST_KEPT", 3)
    before = site.read_text()
    for tenths in range(5):
        add(versions, f"[reference]\nset_point_c = 36.{tenths}\n")
    assert [one.number for one in versions.versions()] == [6, 5, 4, 1]
    assert versions.current() == 1
    versions.take(6, "Wu Min", NOW)
    versions.take(1, "Wu Min", NOW)
    assert site.read_text() == before


def test_what_somebody_writes_by_hand_becomes_a_version_and_never_falls_back(versions, site):
    site.write_text("[reference]\nset_point_c = 35.5\n")
    for _ in range(3):
        assert versions.begin(NOW) is None
    assert versions.current() == 2
    assert load_settings(site).reference.set_point_c == 35.5


def test_a_folder_that_cannot_be_written_is_named(tmp_path, site):
    (tmp_path / "site.toml.versions").write_text("a file in its place")
    with pytest.raises(VersionError, match="cannot be"):
        SiteVersions(site).begin(NOW)


@pytest.mark.parametrize("damage", [b"", b"{}", b"null", b'{"versions": [3]}', b"\xff\x00"])
def test_a_damaged_list_of_versions_is_told_and_stops_no_station(versions, site, damage):
    (site.with_name("site.toml.versions") / "index.json").write_bytes(damage)
    with pytest.raises(VersionError, match="move that folder away"):
        versions.begin(NOW)


def test_a_site_file_that_is_a_link_stays_one(tmp_path, site):
    link = tmp_path / "etc" / "site.toml"
    link.parent.mkdir()
    link.symlink_to(site)
    versions = SiteVersions(link)
    versions.take(add(versions), "Wu Min", NOW)
    assert link.is_symlink()
    assert load_settings(site).reference.set_point_c == 36.0


def test_a_disk_that_is_full_leaves_the_old_file_and_no_rubbish(versions, site, monkeypatch):
    number, before = add(versions), site.read_text()
    here = set(site.parent.iterdir())

    def full(_):
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("config.versions.os.fsync", full)
    with pytest.raises(VersionError, match="No space left"):
        versions.take(number, "Wu Min", NOW)
    assert site.read_text() == before
    assert set(site.parent.iterdir()) == here


def test_a_version_whose_devices_cannot_be_made_is_refused(site):
    versions = SiteVersions(site, lambda settings: ["gun-1: there is no driver 'fefdd'"])
    with pytest.raises(ConfigError, match=r"site\.toml: gun-1: there is no driver 'fefdd'"):
        add(versions)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# all\n[reference]\nset_point_c = 36.5 # why\n[link]\nport = 1\n",
        "[reference]\nregions = [[0.0, 0.0, 0.5, 0.5]] # left\nset_point_c = 36.5\n",
        "[reference]\nregions = [\n  [0.0, 0.0, 0.5, 0.5], # left\n]\n\n[link]\nport = 1\n",
    ],
)
def test_new_regions_leave_all_else_as_it_is(text):
    changed = with_regions(text, [BOX, (0.0, 0.0, 0.25, 1 / 3)])
    assert "regions = [[0.100, 0.700, 0.400, 1.000], [0.000, 0.000, 0.250, 0.333]]" in changed
    assert ("# why" in changed) == ("# why" in text)


def test_places_of_both_sources_are_changed_alone():
    text = "[reference]\nradius_fraction = [0.02, 0.06]\nband_c = 5.0\n"
    changed = tomllib.loads(with_regions(text, [BOX], (0.02254, 0.0405)))
    radii = changed["reference"]["radius_fraction"]
    assert (radii, changed["reference"]["band_c"]) == ([0.0225, 0.0405], 5.0)
    changed = tomllib.loads(with_swept_place(text, BOX, (0.04, 0.07)))
    assert changed["swept_source"] == {"region": list(BOX), "radius_fraction": [0.04, 0.07]}
    assert changed["reference"] == tomllib.loads(text)["reference"]


def test_regions_that_cannot_be_changed_alone_are_refused():
    with pytest.raises(ValueError, match="by hand"):
        with_regions("reference = { regions = [[0.0, 0.0, 0.5, 0.5]] }\n", [BOX])
