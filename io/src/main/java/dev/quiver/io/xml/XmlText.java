package dev.quiver.io.xml;

import javax.xml.stream.XMLStreamReader;

/// An element as text again: names with their prefixes, attributes and texts as they stand, without
/// comments, and with what is in CDATA sections escaped.
final class XmlText {
    private final StringBuilder text = new StringBuilder();

    /// Forgets all, for a new element.
    void clear() {
        text.setLength(0);
    }

    /// @param at stands at the begin of an element
    void start(XMLStreamReader at) {
        text.append('<').append(name(at.getPrefix(), at.getLocalName()));
        for (int i = 0; i < at.getAttributeCount(); i++) {
            String name = name(at.getAttributePrefix(i), at.getAttributeLocalName(i));
            text.append(' ').append(name).append("=\"");
            escape(at.getAttributeValue(i), true);
            text.append('"');
        }
        text.append('>');
    }

    /// @param at stands at the end of an element
    void end(XMLStreamReader at) {
        text.append("</").append(name(at.getPrefix(), at.getLocalName())).append('>');
    }

    void characters(String value) {
        escape(value, false);
    }

    private static String name(String prefix, String local) {
        return prefix == null || prefix.isEmpty() ? local : prefix + ":" + local;
    }

    private void escape(String value, boolean inQuotes) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '&' -> text.append("&amp;");
                case '"' -> text.append(inQuotes ? "&quot;" : "\"");
                default -> text.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
