"""Reads files of events as TensorBoard does, with the official field numbers.

Nothing here comes from models/training: messages are declared anew after
tensorflow/core/framework/summary.proto and tensorflow/core/util/event.proto,
frames after tensorflow/core/lib/io/record_writer, PNG after its standard.
"""

import struct
import zlib

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto
SINGLE, REPEATED = FIELD.LABEL_OPTIONAL, FIELD.LABEL_REPEATED

MESSAGES = {
    "Image": [
        ("height", 1, FIELD.TYPE_INT32, SINGLE),
        ("width", 2, FIELD.TYPE_INT32, SINGLE),
        ("colorspace", 3, FIELD.TYPE_INT32, SINGLE),
        ("encoded_image_string", 4, FIELD.TYPE_BYTES, SINGLE),
    ],
    "HistogramProto": [
        ("min", 1, FIELD.TYPE_DOUBLE, SINGLE),
        ("max", 2, FIELD.TYPE_DOUBLE, SINGLE),
        ("num", 3, FIELD.TYPE_DOUBLE, SINGLE),
        ("bucket_limit", 6, FIELD.TYPE_DOUBLE, REPEATED),
        ("bucket", 7, FIELD.TYPE_DOUBLE, REPEATED),
    ],
    "Value": [
        ("tag", 1, FIELD.TYPE_STRING, SINGLE),
        ("simple_value", 2, FIELD.TYPE_FLOAT, SINGLE),
        ("image", 4, "Image", SINGLE),
        ("histo", 5, "HistogramProto", SINGLE),
    ],
    "Summary": [("value", 1, "Value", REPEATED)],
    "Event": [
        ("wall_time", 1, FIELD.TYPE_DOUBLE, SINGLE),
        ("step", 2, FIELD.TYPE_INT64, SINGLE),
        ("file_version", 3, FIELD.TYPE_STRING, SINGLE),
        ("summary", 5, "Summary", SINGLE),
    ],
}


def event_class():
    file = descriptor_pb2.FileDescriptorProto(
        name="event.proto", package="reader", syntax="proto3"
    )
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind, label in fields:
            added = message.field.add(name=field, number=number, label=label)
            if isinstance(kind, str):
                added.type = FIELD.TYPE_MESSAGE
                added.type_name = f".reader.{kind}"
            else:
                added.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName("reader.Event")
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc32c_table()


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def read_events(path):
    """All events of a file; every frame has to be right."""
    event, data, at, events = event_class(), path.read_bytes(), 0, []
    while at < len(data):
        size, head = struct.unpack_from("<QI", data, at)
        assert head == masked_crc(data[at : at + 8]), f"{path}: head at {at}"
        content = data[at + 12 : at + 12 + size]
        (tail,) = struct.unpack_from("<I", data, at + 12 + size)
        assert tail == masked_crc(content), f"{path}: record at {at}"
        events.append(event.FromString(content))
        at += 16 + size
    return events


def read_png(data):
    """Width, height and colours of a PNG of 8-bit colours without filters."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
    at, header, packed = 8, b"", b""
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        (crc,) = struct.unpack_from(">I", data, at + 8 + size)
        assert crc == zlib.crc32(kind + content), f"chunk {kind}"
        header = content if kind == b"IHDR" else header
        packed += content if kind == b"IDAT" else b""
        at += 12 + size
    assert kind == b"IEND", "no end"
    width, height, *form = struct.unpack(">IIBBBBB", header)
    assert form == [8, 2, 0, 0, 0], form
    rows, stride = zlib.decompress(packed), 3 * width + 1
    assert len(rows) == height * stride, "size"
    assert not any(rows[::stride]), "filters"
    pixels = b"".join(
        rows[y * stride + 1 : (y + 1) * stride] for y in range(height)
    )
    colours = {pixels[i : i + 3] for i in range(0, len(pixels), 3)}
    return width, height, colours
