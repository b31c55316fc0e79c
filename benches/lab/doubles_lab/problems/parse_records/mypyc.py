def parse_records(text: str) -> list[tuple[int, str, float]]:
    records: list[tuple[int, str, float]] = []
    for line in text.split("\n"):
        if line:
            key, name, price = line.split(",")
            records.append((int(key), name, float(price)))
    return records
