package dev.quiver.io.xml;

import dev.quiver.io.csv.kernel.FieldKind;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The kinds of values that a name has shown.
final class XmlShape {
    private static final int PADDING_BYTES = 16;

    private int kinds;
    private boolean repeated;
    private final Map<String, XmlShape> parts = new LinkedHashMap<>();

    Map<String, XmlShape> parts() {
        return parts;
    }

    /// Looks at the values that one row or element has under the name.
    void add(List<XmlNode> values) {
        repeated |= values.size() > 1;
        values.forEach(this::add);
    }

    /// Looks at one value.
    void add(XmlNode node) {
        node.parts()
                .forEach((name, of) -> parts.computeIfAbsent(name, _ -> new XmlShape()).add(of));
        String text = node.text();
        if (text.isEmpty() || (kinds & FieldKind.TEXT.bit()) != 0) return;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var data = MemorySegment.ofArray(Arrays.copyOf(bytes, bytes.length + PADDING_BYTES));
        kinds |= FieldKind.of(data, 0, bytes.length).bit();
    }

    /// The most special type that holds all values.
    DataType type() {
        DataType one = parts.isEmpty() ? FieldKind.typeOf(kinds) : struct();
        return repeated ? new DataType.ListOf(Field.of("element", one)) : one;
    }

    private DataType struct() {
        var fields = new ArrayList<Field>();
        parts.forEach((name, shape) -> fields.add(Field.of(name, shape.type())));
        if (kinds != 0 && !parts.containsKey(XmlReader.TEXT_FIELD))
            fields.add(Field.of(XmlReader.TEXT_FIELD, FieldKind.typeOf(kinds)));
        return new DataType.Struct(fields);
    }
}
