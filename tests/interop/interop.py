#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The other side of test_python.c: the messages of mirror.IMirror as Python's protobuf sees them.

    interop.py read FOLDER     compare what C packed with the values that C says are in it
    interop.py write FOLDER    pack those values anew, into FOLDER/written
    interop.py names FOLDER    compare names of IDL with names of protobuf

FOLDER holds the modules that protoc made, and `sent`: one message a line, {"message": NAME, "body": HEX,
"value": VALUE}. How values look is in tests/support/json_value.h. What a field of IDL is in protobuf is found by
its number only.
"""

import json
import sys

from google.protobuf.descriptor import FieldDescriptor

# Fields that protobuf cannot call what IDL calls them: message, name in IDL, name in protobuf
RENAMED = {
    ("Odd_req", "base", "base_2"),
    ("Odd_req", "typeof", "typeof_2"),
    ("Odd_res", "Type_Of_out", "Type_Of_out_2"),
    ("Odd_res", "n_Base_out", "n_Base_out_2"),
    ("oddReq_3", "base", "base_2"),
    ("oddReq_3", "linux", "linux_2"),
    ("oddReq_3", "unix", "unix_2"),
    ("oddReq_3", "n_list", "n_list_2"),
    ("oddReq_3", "a_b", "a_b_2"),
}


def fail(path, *what):
    sys.exit(f"interop.py: {path}: {' '.join(map(str, what))}")


def fields_of(descriptor, value):
    """The field and the value of each member of a struct; a struct has all fields that its message has."""
    members = value["struct"]
    if len(members) != len(descriptor.fields):
        fail(descriptor.full_name, "has", len(descriptor.fields), "fields and not", len(members))
    for number, (name, member) in enumerate(members, 1):
        yield descriptor.fields_by_number[number], name, member


def is_repeated(field):
    return field.label == FieldDescriptor.LABEL_REPEATED


# Reading: does a message hold this value?


def expect_struct(path, message, value):
    for field, name, member in fields_of(message.DESCRIPTOR, value):
        expect_field(f"{path}.{name}", message, field, member)


def expect_union(path, message, member):
    (oneof,) = message.DESCRIPTOR.oneofs
    name = message.WhichOneof(oneof.name)
    if member is None:
        if name is not None:
            fail(path, name, "is set and nothing should be")
        return
    tag, _, value = member
    field = message.DESCRIPTOR.fields_by_number[tag]
    if name != field.name:
        fail(path, name, "is set and not", field.name)
    expect_one(f"{path}.{name}", field, getattr(message, name), value)


def expect_field(path, message, field, value):
    held = getattr(message, field.name)
    if not is_repeated(field):
        expect_one(path, field, held, value)
        return
    if len(held) != len(value):
        fail(path, "has", len(held), "elements and not", len(value))
    for i, element in enumerate(value):
        expect_one(f"{path}[{i}]", field, held[i], element)


def expect_one(path, field, held, value):
    if field.type == FieldDescriptor.TYPE_BYTES:
        held = held.hex()
    if field.type != FieldDescriptor.TYPE_MESSAGE:
        if held != value:
            fail(path, repr(held), "and not", repr(value))
    elif isinstance(value, list):
        expect_field(path, held, held.DESCRIPTOR.fields_by_number[1], value)
    elif "union" in value:
        expect_union(path, held, value["union"])
    else:
        expect_struct(path, held, value)


# Writing: put a value into a message


def fill_struct(message, value):
    for field, _, member in fields_of(message.DESCRIPTOR, value):
        fill_field(message, field, member)


def fill_field(message, field, value):
    if not is_repeated(field):
        fill_one(message, field, value)
    elif field.type == FieldDescriptor.TYPE_MESSAGE:
        for element in value:
            fill_message(getattr(message, field.name).add(), element)
    elif field.type == FieldDescriptor.TYPE_BYTES:
        getattr(message, field.name).extend(map(bytes.fromhex, value))
    else:
        getattr(message, field.name).extend(value)


def fill_one(message, field, value):
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        getattr(message, field.name).SetInParent()
        fill_message(getattr(message, field.name), value)
    elif field.type == FieldDescriptor.TYPE_BYTES:
        setattr(message, field.name, bytes.fromhex(value))
    else:
        setattr(message, field.name, value)


def fill_message(message, value):
    if isinstance(value, list):
        fill_field(message, message.DESCRIPTOR.fields_by_number[1], value)
    elif "struct" in value:
        fill_struct(message, value)
    elif value["union"] is not None:
        tag, _, member = value["union"]
        fill_one(message, message.DESCRIPTOR.fields_by_number[tag], member)


# Names


def renamed(descriptor, value, found):
    """Add what is called differently in a message and in all that is in it."""
    if isinstance(value, dict) and "struct" in value:
        for field, name, member in fields_of(descriptor, value):
            note(descriptor, field, name, found)
            renamed(field.message_type, member, found)
    elif isinstance(value, dict) and value["union"] is not None:
        tag, name, member = value["union"]
        note(descriptor, descriptor.fields_by_number[tag], name, found)
        renamed(descriptor.fields_by_number[tag].message_type, member, found)
    elif isinstance(value, list) and descriptor is not None:
        if descriptor.fields[0].name == "item" and len(descriptor.fields) == 1:
            descriptor = descriptor.fields[0].message_type
        for element in value:
            renamed(descriptor, element, found)


def note(descriptor, field, name, found):
    if field.name != name:
        found.add((descriptor.name, name, field.name))


# What is asked for


def read(module, lines, _):
    for line in lines:
        message = getattr(module, line["message"]).FromString(bytes.fromhex(line["body"]))
        expect_struct(line["message"], message, line["value"])


def write(module, lines, folder):
    with open(f"{folder}/written", "w") as file:
        for line in lines:
            message = getattr(module, line["message"])()
            fill_struct(message, line["value"])
            print(message.SerializeToString().hex(), file=file)


def names(module, lines, _):
    found = set()
    for line in lines:
        renamed(getattr(module, line["message"]).DESCRIPTOR, line["value"], found)
    if found != RENAMED:
        fail("names", "found", sorted(found - RENAMED), "and did not find", sorted(RENAMED - found))


def main(command, folder):
    sys.path.insert(0, folder)
    from mirror import IMirror_pb2

    with open(f"{folder}/sent", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file.read().split("\n") if line]
    if not lines:
        fail("sent", "is empty")
    {"read": read, "write": write, "names": names}[command](IMirror_pb2, lines, folder)


main(*sys.argv[1:])
