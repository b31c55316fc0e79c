def parse_columns(text):
    rows = [line.split(",") for line in text.split("\n") if line]
    if not all(len(row) == 3 for row in rows):
        raise ValueError("a line has not three fields")
    return [int(row[0]) for row in rows], [row[1] for row in rows], [float(row[2]) for row in rows]
