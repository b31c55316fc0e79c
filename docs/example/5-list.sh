doubles-lab ceiling orders:total --example orders:prices
