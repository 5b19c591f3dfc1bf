# What the benchmark calls: both give back what they got.
@0xd5a1c3f7e2b94806;

interface Echo {
    number @0 (value :UInt32) -> (result :UInt32);
    blob @1 (data :Data) -> (result :Data);
}
