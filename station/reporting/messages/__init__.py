"""What stations and the CDC say to each other: the one source of every form and every schema.

Each message is a CloudEvents 1.0 event in structured JSON. `type` ends in the major version;
`data.schema_version` counts what was added since. A drill has types of its own, and says so once
more in its data. Source: CloudEvents 1.0.2, section "Context Attributes".
"""
