"""Tells sentences that speak to a language model from what newspapers print.

Drivers ignore rules and firms disregard demands in any newspaper; whoever speaks to a model names
what the model was told before (「以上指令」, "previous instructions"), or gives it orders.
"""

import re

_IGNORE = "(?:忽略|无视|忘记|忘掉|抛开|不要理会|不要遵守|不要遵循)"
_TOLD = "(?:指令|指示|命令|提示词?|规则|设定)"
_BEFORE = "(?:你的?|您的?)?(?:以上|上面|上述|之前|前面|先前|所有|一切|任何)"
_BESIDES = "(?:的|所有|全部|一切|任何|这些|系统|安全)*"
_CHINESE = (
    rf"{_IGNORE}(?:掉|了)?{_BEFORE}{_BESIDES}{_TOLD}",
    rf"(?:请你?|你(?:现在|必须|应该?|应当|需要?|可以|要)+)(?:立即|先)?{_IGNORE}.{{0,8}}{_TOLD}",
    "系统提示词|开发者(?:提示|指令|消息|模式)|^\\W*系统(?:提示|指令|消息)[:：]",
    "[你您](?:现在是|(?:现在|将|要|来)*扮演|是一[个名位款]).{0,10}(?:助手|模型|AI|机器人)",
    '(?:请|必须|务必|直接|只|仅)要?输出[:：“"「]',
    '(?:请|必须|务必)[只仅直接]+要?(?:回答|回复)[:：“"「]',
)

_OLD = "(?:above|previous|prior|preceding|earlier|system|your)"
_ORDERS = "(?:instructions?|prompts?|rules?|guidelines?)"
_ENGLISH_IGNORE = r"\b(?:ignore|disregard|forget|override)\s+"
_BEGINS = r"(?:(?:^|[.;:!?,])\W*|\b(?:please|must|always|now)\s+)"
_REPLY = "(?:reply|respond|answer|output)"
_ENGLISH = (
    rf"{_ENGLISH_IGNORE}(?:(?:all|any|of|the|these|those)\s+)*"
    rf"(?:{_OLD}\s+)(?:(?:{_OLD}|safety)\s+)*{_ORDERS}\b",
    rf"{_ENGLISH_IGNORE}(?:all|any)\s+(?:of\s+)?(?:the\s+|these\s+|those\s+)?{_ORDERS}\b",
    rf"{_ENGLISH_IGNORE}(?:\w+\s+){{0,3}}(?:{_ORDERS}|everything|text)\s+above\b",
    r"\bsystem\s*prompts?\b|\bsystem\s*message\s*:",
    r"\byou are now\b.{0,20}\b(?:assistant|model|ai|chatbot)\b",
    r"\byou are (?:an?|the) (?:\w+ )?(?:ai|language model|helpful assistant|chatbot)\b",
    rf"{_BEGINS}{_REPLY}\s+(?:with\s+)?(?:only|exactly)\b",
    rf"{_BEGINS}only\s+{_REPLY}\s+with\b",
    r"<\|?/?(?:im_start|im_end|system)",
)
_COMMANDS = re.compile("|".join((*_CHINESE, *_ENGLISH)), re.IGNORECASE)


def is_command(sentence: str) -> bool:
    """Tell whether a sentence of an article speaks to a language model: it is no evidence."""
    return _COMMANDS.search(sentence) is not None
