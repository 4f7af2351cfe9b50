"""Makes the workbooks that the tests read; see README.md."""

import datetime as dt
import sys
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import xlsxwriter
import xlwt

TO = Path(sys.argv[1])


def workbook(name, **options):
    return xlsxwriter.Workbook(str(TO / name), options)


def sales():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales"
    sheet.append(["id", "item", "price", "day", "sold at", "ok", "code", "opens", "worked", "mixed"])
    for row in [
        (1, 'tea & "milk"', 2.5, dt.date(2024, 5, 1), dt.datetime(2024, 5, 1, 9, 30, 15, 250000),
         True, "007", dt.time(8, 30), dt.timedelta(hours=26, minutes=5), 1),
        (2, "Köln ✓ 😀", 1e6, dt.date(2024, 5, 2), dt.datetime(2024, 5, 2, 23, 59, 59),
         False, "2", dt.time(0, 0), dt.timedelta(0), "x"),
        (3, None, -0.125, None, None, None, None, None, None, dt.date(2024, 5, 3)),
        (4, "  two\nlines ", 12, dt.date(1900, 2, 28), dt.datetime(1900, 3, 1, 0, 0),
         True, "15", dt.time(23, 59, 59), dt.timedelta(minutes=90), 2.5),
    ]:
        sheet.append(row)
    prices = book.create_sheet("Prices 2024")
    prices["B3"] = "a title over the table"
    for i, (item, price) in enumerate([("item", "price"), ("tea", 1.5), ("milk", 2), ("total", None)]):
        prices.cell(5 + i, 2, item)
        prices.cell(5 + i, 3, price)
    prices["C8"] = "=SUM(C6:C7)"
    prices["E6"] = "a note aside"
    book.create_sheet("Empty")
    book.save(TO / "sales.xlsx")


def formulas():
    book = workbook("formulas.xlsx")
    sheet = book.add_worksheet("Calc")
    sheet.write_row(0, 0, ["n", "double", "word", "flag", "ratio"])
    for i in range(1, 4):
        sheet.write(i, 0, i)
        sheet.write_formula(i, 1, f"=A{i + 1}*2", None, i * 2)
        sheet.write_formula(i, 2, f'=REPT("a",A{i + 1})', None, "a" * i)
        sheet.write_formula(i, 3, f"=A{i + 1}>1", None, "TRUE" if i > 1 else "FALSE")
        sheet.write_formula(i, 4, f"=1/(A{i + 1}-2)", None, "#DIV/0!" if i == 2 else 1 / (i - 2))
    book.close()


def dates():
    book = workbook("dates1904.xlsx", date_1904=True)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, ["day", "at"])
    sheet.write_datetime(1, 0, dt.date(2024, 5, 1), day)
    sheet.write_datetime(1, 1, dt.datetime(2024, 5, 1, 6, 45), time)
    sheet.write_datetime(2, 0, dt.date(1904, 1, 2), day)
    sheet.write_datetime(2, 1, dt.datetime(1904, 1, 1, 0, 0), time)
    book.close()
    book = workbook("impossible.xlsx")
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_column(0, 0, ["day", 59, 60], day)
    book.close()


def merged():
    book = workbook("merged.xlsx")
    sheet = book.add_worksheet("M")
    sheet.write_row(0, 0, ["region", "city", "n"])
    sheet.merge_range("A2:A4", "north", book.add_format({"align": "center"}))
    sheet.write_column(1, 1, ["Oslo", "Bergen", "Tromsø"])
    sheet.write_column(1, 2, [1, 2, 3])
    sheet.write_row(4, 0, ["south", "Kraków", 4])
    book.close()
    with open(TO / "merged.xlsx", "rb") as plain, open(TO / "encrypted.xlsx", "wb") as out:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", out)


def formats():
    book = workbook("formats.xlsx")
    sheet = book.add_worksheet("F")
    numbers = [
        ("General", 45413),
        ("yyyy", 45413),
        ("mmm yy", 45413),
        ("[$-409]d-mmm;@", 45413),
        ("h:mm AM/PM", 0.25),
        ("[h]:mm:ss", 0.25),
        ("mm:ss.0", 0.25),
        ("0.00E+00", 45413),
        ('#,##0.00 "days"', 45413),
        ("[Red]0.0;[Blue]-0.0", 45413),
        ("dd.mm.yyyy hh:mm:ss", 45413.25),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 45413),
        ("0%", 45413),
        ('d "of" mmmm', 45413),
    ]
    for i, (look, number) in enumerate(numbers):
        sheet.write(0, i, f"f{i}")
        sheet.write_number(1, i, number, book.add_format({"num_format": look}))
    book.close()


def texts():
    book = workbook("inline.xlsx", constant_memory=True)
    sheet = book.add_worksheet("I")
    for i, row in enumerate([["a", "b"], ["one", 1], ["two", 2.25]]):
        sheet.write_row(i, 0, row)
    book.close()
    book = workbook("rich.xlsx")
    sheet = book.add_worksheet("R")
    sheet.write(0, 0, "text")
    sheet.write_rich_string(1, 0, "plain ", book.add_format({"bold": 1}), "bold", " end")
    sheet.write(2, 0, "tab\tand _x0041_ and \x01 end")
    book.close()


def sheets():
    book = workbook("empty.xlsx")
    book.add_worksheet("Nothing")
    book.add_worksheet("Header").write_row(0, 0, ["a", "b"])
    gaps = book.add_worksheet("Gaps")
    for i, row in [(0, ["a", None, "b"]), (1, [1, None, 2]), (4, [3, None, 4]), (5, ["", "", ""])]:
        gaps.write_row(i, 0, row)
    gaps.write(9, 0, None, book.add_format({"bold": 1}))
    unnamed = book.add_worksheet("Unnamed")
    unnamed.write_row(0, 0, ["a", None, "b"])
    unnamed.write_row(1, 0, [1, 5, 2])
    unnamed.write(1, 4, 9)
    book.close()
    book = workbook("twice.xlsx")
    sheet = book.add_worksheet("T")
    sheet.write_row(0, 0, ["a", "b", "a"])
    sheet.write_row(1, 0, [1, 2, 3])
    book.close()
    book = workbook("chart.xlsx")
    picture = book.add_chartsheet("Picture")
    book.add_worksheet("Numbers").write_column(0, 0, ["n", 1, 2])
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Numbers!$A$2:$A$3"})
    picture.set_chart(chart)
    hidden = book.add_worksheet("Hidden")
    hidden.hide()
    hidden.write_column(0, 0, ["secret", 7])
    book.close()


def old():
    book = xlwt.Workbook()
    sheet = book.add_sheet("old")
    sheet.write(0, 0, "a")
    sheet.write(1, 0, 1)
    book.save(str(TO / "old.xls"))


for make in (sales, formulas, dates, merged, formats, texts, sheets, old):
    make()
