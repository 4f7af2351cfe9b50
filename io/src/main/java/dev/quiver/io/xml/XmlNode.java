package dev.quiver.io.xml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An element of a row, or an attribute: its text, and its attributes and elements by name, in the
/// order in which they first appear.
final class XmlNode {
    private final Map<String, List<XmlNode>> parts = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    static XmlNode ofText(String text) {
        var node = new XmlNode();
        node.text.append(text);
        return node;
    }

    void add(String name, XmlNode part) {
        parts.computeIfAbsent(name, _ -> new ArrayList<>()).add(part);
    }

    void addText(String more) {
        text.append(more);
    }

    Map<String, List<XmlNode>> parts() {
        return parts;
    }

    /// The text, of an element with parts that of its own alone, without spaces around.
    String text() {
        return parts.isEmpty() ? text.toString() : text.toString().strip();
    }

    /// Whether it stands for null: neither text nor parts.
    boolean isEmpty() {
        return parts.isEmpty() && text.isEmpty();
    }
}
