"""JSON Schema and AsyncAPI 3.0, made from the messages' own models: nothing is written twice.

Source: AsyncAPI 3.0.0; its MQTT bindings 0.2.0.
"""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from station.core.report import Channel
from station.reporting.messages.catalogue import STATION_EVENTS
from station.reporting.messages.envelope import SCHEMA_VERSION, StationEvent, type_of
from station.reporting.messages.receipt import ReceiptEvent
from station.reporting.mqtt import KEEPALIVE_S
from station.reporting.payload import CONTENT_TYPE, MAX_PAYLOAD_BYTES
from station.reporting.signing import SIGNATURE_PROPERTY

_BINDING: Final = "0.2.0"
_Model = type[StationEvent] | type[ReceiptEvent]
_EVENTS: Final[tuple[_Model, ...]] = (*STATION_EVENTS, ReceiptEvent)
_RETAINED = frozenset({Channel.STATUS, Channel.DRILL_STATUS})
_PARAMETERS = {
    "region": "Area code (GB/T 2260).",
    "site": "Hub.",
    "station": "Station: also its client id and its user name at the broker.",
}

Json = dict[str, Any]
"""A JSON object."""


def json_schemas() -> dict[str, Json]:
    """Return one JSON Schema (2020-12) for each message, by file name without its end."""
    schemas = {}
    for model in _EVENTS:
        schema = model.model_json_schema()
        schemas[_name(model)] = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:{type_of(model)}:{SCHEMA_VERSION}",
            **schema,
        }
    return schemas


def asyncapi() -> Json:
    """Return the AsyncAPI document of a station: what it sends, and what it receives."""
    _, definitions = models_json_schema(
        [(model, "validation") for model in _EVENTS], ref_template="#/components/schemas/{model}"
    )
    channels = {_key(model.channel): _channel(model) for model in _EVENTS}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Fever screening station to CDC",
            "version": SCHEMA_VERSION,
            "description": (
                "CloudEvents 1.0 in structured JSON over MQTT 5, at most "
                f"{MAX_PAYLOAD_BYTES} bytes each. Delivery is at least once: the CDC answers "
                "every alert and daily report with a receipt once it is on its disk, and drops "
                "what comes twice by id. Fields are only added within a major version; whoever "
                "does not know a field leaves it out. No message says who somebody is, but for "
                "'person_sealed' of an alert, which a rule of the station's site must allow and "
                "only the CDC's private key opens. Every "
                "message is signed, by its station or by the CDC: the user property "
                f"'{SIGNATURE_PROPERTY}' is a detached JWS (RFC 7797, b64=false, Ed25519) over "
                "the exact bytes of the payload."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"broker": _server()},
        "channels": channels,
        "operations": {_operation_key(model): _operation(model) for model in _EVENTS},
        "components": {
            "messages": {_name(model): _message(model) for model in _EVENTS},
            "schemas": definitions["$defs"],
        },
    }


def _server() -> Json:
    return {
        "host": "broker.example:8883",
        "protocol": "secure-mqtt",
        "protocolVersion": "5.0",
        "description": "The broker of the CDC.",
        "security": [
            {
                "type": "X509",
                "description": "A client's certificate; its CN is user and client id.",
            }
        ],
        "bindings": {
            "mqtt": {
                "clientId": "{station}",
                "cleanSession": True,
                "keepAlive": KEEPALIVE_S,
                "lastWill": {
                    "topic": _address(Channel.STATUS),
                    "qos": 1,
                    "retain": True,
                    "message": "A status with state 'lost'; in a drill on drill/status.",
                },
                "bindingVersion": _BINDING,
            }
        },
    }


def _channel(model: _Model) -> Json:
    return {
        "address": _address(model.channel),
        "description": _sentence(model),
        "messages": {_name(model): {"$ref": f"#/components/messages/{_name(model)}"}},
        "parameters": {name: {"description": text} for name, text in _PARAMETERS.items()},
    }


def _operation(model: _Model) -> Json:
    key, is_status = _key(model.channel), model.channel in _RETAINED
    return {
        "action": "receive" if model is ReceiptEvent else "send",
        "channel": {"$ref": f"#/channels/{key}"},
        "messages": [{"$ref": f"#/channels/{key}/messages/{_name(model)}"}],
        "summary": _sentence(model),
        "bindings": {
            "mqtt": {
                # A status takes no place in the window; a lost one is followed by the will.
                "qos": 0 if is_status else 1,
                "retain": is_status,
                "bindingVersion": _BINDING,
            }
        },
    }


def _message(model: _Model) -> Json:
    return {
        "name": type_of(model),
        "title": _sentence(model),
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
        "bindings": {
            "mqtt": {
                "payloadFormatIndicator": 1,
                "contentType": CONTENT_TYPE,
                "bindingVersion": _BINDING,
            }
        },
    }


def _address(channel: Channel) -> str:
    return f"fs/v1/{{region}}/{{site}}/{{station}}/{channel.value}"


def _sentence(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").partition("\n")[0]


def _name(model: _Model) -> str:
    """Return the type's own part: `alert`, `drill.alert`."""
    return type_of(model).removeprefix("org.fever-station.")


def _key(channel: Channel) -> str:
    return _camel(channel.value.split("/"))


def _operation_key(model: _Model) -> str:
    verb = "receive" if model is ReceiptEvent else "send"
    return _camel([verb, *model.channel.value.split("/")])


def _camel(words: Iterable[str]) -> str:
    first, *others = words
    return first + "".join(word.capitalize() for word in others)
