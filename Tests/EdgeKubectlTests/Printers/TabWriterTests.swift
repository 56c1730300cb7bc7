import Testing

@testable import EdgeKubectl

@Suite struct TabWriterTests {
    @Test func alignsTables() {
        var writer = TabWriter.forTables()
        writer.add(cells: ["NAME", "READY", "AGE"])
        writer.add(cells: ["a", "1/1", "5m"])
        writer.add(cells: ["a-longer-name", "0/1", "12d"])
        #expect(
            writer.flush() == """
                NAME            READY   AGE
                a               1/1     5m
                a-longer-name   0/1     12d

                """)
    }

    @Test func keepsWidthsOverFlushes() {
        var writer = TabWriter.forTables()
        writer.add(cells: ["a-longer-name", "x"])
        _ = writer.flush()
        writer.add(cells: ["b", "x"])
        #expect(writer.flush() == "b               x\n")
    }

    @Test func columnsEndWhereLinesHaveNoCells() {
        var writer = TabWriter.forDescription()
        writer.add("Name:\tweb")
        writer.add("Namespace:\tdefault")
        writer.add("Containers:")
        writer.add("  web:")
        writer.add("    Image:\tnginx")
        #expect(
            writer.flush() == """
                Name:       web
                Namespace:  default
                Containers:
                  web:
                    Image:  nginx

                """)
    }
}
