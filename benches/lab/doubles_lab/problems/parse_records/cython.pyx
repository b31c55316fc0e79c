def parse_records(str text not None):
    cdef list records = []
    cdef list fields
    cdef str line
    for line in text.split("\n"):
        if line:
            fields = line.split(",")
            if len(fields) != 3:
                raise ValueError(f"{line!r} has not three fields")
            records.append((int(fields[0]), fields[1], float(fields[2])))
    return records
