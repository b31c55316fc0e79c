def parse_columns(text: str) -> tuple[list[int], list[str], list[float]]:
    keys: list[int] = []
    names: list[str] = []
    prices: list[float] = []
    for line in text.split("\n"):
        if line:
            key, name, price = line.split(",")
            keys.append(int(key))
            names.append(name)
            prices.append(float(price))
    return keys, names, prices
