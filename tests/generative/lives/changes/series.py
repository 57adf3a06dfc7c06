"""Several files of one series that come together: each replaces the one before, in the order of their numbers."""

import io
import zipfile

from ..forms import FORMS, PLAIN
from ..house import Delivery, House
from ..people import GROUP
from ._change import PUBLISHES, Expected, HouseChange


class SeriesInArchive(HouseChange):
    """Yesterday's snapshot and today's are in one archive, as numbers 9 and 10."""

    kind = "two snapshots in one archive"
    needs = ("profiles",)

    def happens(self, house: House) -> Expected:
        (today,) = house.of("profiles")[-1:]
        rows = [{**house.renamed(row), GROUP: row[GROUP]} for row in house.world["steps"][house.step - 1]["profiles"]]
        before = Delivery("profiles", f"{today.stem}-0", rows, is_inside=True)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, delivery in ((9, before), (10, today)):
                delivery.form = PLAIN
                archive.writestr(zipfile.ZipInfo(f"export-{number}.csv"), delivery.bytes())
        today.content, today.is_counted = file.getvalue(), True
        today.form = next(form for form in FORMS if form.name == "zip")
        house.due.insert(0, before)
        return PUBLISHES
