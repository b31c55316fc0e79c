import csv


def parse_records(text):
    return [
        (int(key), name, float(price)) for key, name, price in [line.split(",") for line in text.split("\n") if line]
    ]


def parse_records_csv(text):
    rows = csv.reader(filter(None, text.split("\n")), quoting=csv.QUOTE_NONE)
    return [(int(key), name, float(price)) for key, name, price in rows]
