"""Pages are bound into new PDFs: nothing drawn anew, nothing carried along, the same bytes every time."""

import io
import zlib

import pikepdf
import pytest
from PIL import Image

from qidang.kit.refusal import Refused
from qidang.reading.pool import Pool
from qidang.reading.tests.making import pdf


def paper(*words: str) -> bytes:
    """Return a PDF with a page for each word."""
    return pdf(*[[(72.0, 700.0, 20.0, word)] for word in words])


def picture(form: str, mode: str = "RGB", **saved: object) -> bytes:
    """Return a small picture, wider at its left."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((60, 80)).convert(mode).save(out, form, **saved)
    return out.getvalue()


def texts(pool: Pool, data: bytes) -> list[str]:
    """Return the text of each page."""
    reading = pool.read(data, "x.pdf")
    assert reading.paper is not None
    return [page.text for page in reading.paper.pages]


def test_pages_are_parted_reordered_and_left_out(pool: Pool) -> None:
    (first, second), maker = pool.assemble([(paper("甲", "乙", "丙"), "a.pdf")], [[(0, 3, 0), (0, 1, 0)], [(0, 2, 0)]])
    assert (texts(pool, first), texts(pool, second)) == (["丙", "甲"], ["乙"])
    assert maker.startswith("pikepdf")


def test_a_turned_page_lies_on_its_side(pool: Pool) -> None:
    (made,), _ = pool.assemble([(paper("甲"), "a.pdf")], [[(0, 1, 90)]])
    reading = pool.read(made, "x.pdf")
    assert reading.paper is not None
    assert reading.paper.pages[0].width > reading.paper.pages[0].height


def test_the_same_recipe_makes_the_same_bytes(pool: Pool) -> None:
    sources = [(paper("甲", "乙"), "a.pdf"), (picture("PNG"), "b.png")]
    leaves = [[(1, 1, 0), (0, 2, 270)]]
    assert pool.assemble(sources, leaves) == pool.assemble(sources, leaves)


def test_a_jpeg_stays_as_it_is_and_stands_upright(pool: Pool) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = picture("JPEG", exif=exif)
    (made,), _ = pool.assemble([(data, "a.jpg")], [[(0, 1, 0)]])
    assert data in made
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.pages[0].Rotate == 90


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGB"), ("PNG", "L"), ("PNG", "P"), ("TIFF", "1"), ("BMP", "RGB")])
def test_other_pictures_keep_every_pixel(pool: Pool, form: str, mode: str) -> None:
    data = picture(form, mode)
    (made,), _ = pool.assemble([(data, f"a.{form}")], [[(0, 1, 0)]])
    with pikepdf.open(io.BytesIO(made)) as opened, Image.open(io.BytesIO(data)) as image:
        shown = image if mode in ("1", "L") else image.convert("RGB")
        assert opened.pages[0].Resources.XObject.Im0.read_bytes() == shown.tobytes()


def test_every_page_of_a_tiff_is_a_page(pool: Pool) -> None:
    out = io.BytesIO()
    frames = [Image.new("L", (40, 40), shade) for shade in (0, 120, 240)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    (made,), _ = pool.assemble([(out.getvalue(), "a.tif")], [[(0, 3, 0), (0, 1, 0)]])
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert [page.Resources.XObject.Im0.read_bytes()[0] for page in opened.pages] == [240, 0]


def test_what_the_pages_left_out_show_does_not_travel_along(pool: Pool) -> None:
    """Many programs hang the pictures of all pages on one list that every page names."""
    source = pikepdf.new()
    secret, harmless = (source.make_stream(words, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                        BBox=[0, 0, 9, 9]) for words in (b"% the payroll", b"% nothing much"))  # fmt: skip
    shared = source.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=secret, B=harmless)))
    for name in ("A", "B"):
        source.add_blank_page()
        source.pages[-1].Resources = shared
        source.pages[-1].Contents = source.make_stream(f"/{name} Do".encode())
    out = io.BytesIO()
    source.save(out, compress_streams=False)
    (made,), _ = pool.assemble([(out.getvalue(), "a.pdf")], [[(0, 2, 0)]])
    with pikepdf.open(io.BytesIO(made)) as opened:
        streams = [one.read_bytes() for one in opened.objects if isinstance(one, pikepdf.Stream)]
    assert not [one for one in streams if b"payroll" in one]
    assert [one for one in streams if b"nothing much" in one]


def test_what_was_filled_into_a_form_is_still_to_be_seen(pool: Pool) -> None:
    source = pikepdf.new()
    source.add_blank_page()
    field = source.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget))
    field.FT, field.T, field.V, field.DA = pikepdf.Name.Tx, "name", "Filled", "/Helv 12 Tf 0 g"
    field.Rect, field.P = pikepdf.Array([10, 10, 200, 40]), source.pages[0].obj
    source.pages[0].Annots = source.make_indirect(pikepdf.Array([field]))
    helvetica = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    source.Root.AcroForm = pikepdf.Dictionary(
        Fields=[field], NeedAppearances=True, DA="/Helv 12 Tf 0 g",
        DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=helvetica)))  # fmt: skip
    out = io.BytesIO()
    source.save(out)
    (made,), _ = pool.assemble([(out.getvalue(), "a.pdf")], [[(0, 1, 0)]])
    assert texts(pool, made) == ["Filled"]


def bomb() -> bytes:
    """Return a PDF whose one content stream swells to a gigabyte through two layers of deflate."""
    once = zlib.compress(bytes(1 << 30), 9)
    source = pikepdf.new()
    source.add_blank_page()
    stream = pikepdf.Stream(source, b"")
    stream.write(zlib.compress(once, 9), filter=[pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    source.pages[0].Contents = stream
    out = io.BytesIO()
    source.save(out)
    return out.getvalue()


def test_a_bomb_hurts_nobody(pool: Pool) -> None:
    data = bomb()
    assert len(data) < 1 << 20
    try:
        (made,), _ = pool.assemble([(data, "a.pdf")], [[(0, 1, 0)]])
        assert len(made) < 1 << 21
    except Refused as refusal:
        assert refusal.code in ("reading.too_large", "reading.timeout", "reading.crashed", "reading.malformed")
    assert texts(pool, paper("活着")) == ["活着"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"%PDF-1.4 broken", "a.pdf", "reading.malformed"),
        (b"\x89PNG\r\n\x1a\nbroken", "a.png", "reading.malformed"),
        ("只是文字".encode(), "a.txt", "reading.unsupported"),
        (paper("甲"), "a.pdf", "reading.no_such_page"),
    ],
)
def test_what_has_no_such_page_is_refused(pool: Pool, data: bytes, name: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        pool.assemble([(data, name)], [[(0, 2, 0)]])
    assert refusal.value.code == code


def test_a_locked_file_is_refused(pool: Pool) -> None:
    source, out = pikepdf.new(), io.BytesIO()
    source.add_blank_page()
    source.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Refused) as refusal:
        pool.assemble([(out.getvalue(), "a.pdf")], [[(0, 1, 0)]])
    assert refusal.value.code == "reading.encrypted"
